@router.get("/audit")
async def audit_log(tenant: Tenant = Depends(current_tenant)):
    rows = await database.fetch_all(
        "SELECT * FROM audit WHERE tenant_id = :tenant ORDER BY at DESC",
        {"tenant": tenant.id},
    )
    return [dict(row) for row in rows]

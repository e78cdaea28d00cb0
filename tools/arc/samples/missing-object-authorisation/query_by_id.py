@router.get("/statements/{statement_id}")
async def get_statement(
    statement_id: int,
    user: User = Depends(current_user),
    session: Session = Depends(get_session),
):
    statement = session.get(Statement, statement_id)
    if statement is None:
        raise HTTPException(status_code=404)
    return statement

@router.post("/reports")
async def create_report(
    body: ReportIn, session: Session = Depends(get_session)
):
    rows = session.query(Sale).filter(Sale.month == body.month).all()
    pdf = subprocess.run(
        ["wkhtmltopdf", "-", "-"],
        input=render(rows).encode(),
        capture_output=True,
        timeout=60,
    ).stdout
    with open(f"{REPORTS}/{body.month}.pdf", "wb") as target:
        target.write(pdf)
    session.add(Report(month=body.month))
    session.commit()
    return {"month": body.month}

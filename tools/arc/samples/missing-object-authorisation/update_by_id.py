@router.patch("/profiles/{profile_id}")
async def patch_profile(
    profile_id: int,
    body: ProfileIn,
    user: User = Depends(current_user),
    session: Session = Depends(get_session),
):
    session.execute(
        update(Profile).where(Profile.id == profile_id).values(**body.dict())
    )
    session.commit()
    return {"id": profile_id}

def create_user(session, email):
    user = session.query(User).filter_by(email=email).first()
    if user is None:
        user = User(email=email)
        session.add(user)
        session.commit()
    return user

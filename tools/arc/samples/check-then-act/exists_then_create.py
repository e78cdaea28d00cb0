def register(email, password):
    if User.objects.filter(email=email).exists():
        raise ValidationError("this address is already registered")
    user = User.objects.create(email=email)
    user.set_password(password)
    user.save()
    return user

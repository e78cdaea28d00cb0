EMAIL = re.compile(r"^([a-zA-Z0-9_.+-]+)*@([a-zA-Z0-9-]+\.)+[a-zA-Z]{2,}$")


MARKDOWN_LINK = re.compile(r"(\[(.*)*\]\((.*)*\))+$")


def validate_signup(form):
    errors = []
    if not EMAIL.match(form["email"]):
        errors.append("email")
    if MARKDOWN_LINK.search(form["bio"]):
        errors.append("bio")
    return errors

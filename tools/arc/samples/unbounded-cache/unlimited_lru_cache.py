@functools.lru_cache(maxsize=None)
def render_fragment(template, user_id, locale):
    return environment.get_template(template).render(
        user=load_user(user_id), locale=locale
    )

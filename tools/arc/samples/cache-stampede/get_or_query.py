def get_menu(store_id):
    menu = cache.get(f"menu:{store_id}")
    if menu is None:
        menu = list(MenuItem.objects.filter(store_id=store_id).values())
        cache.set(f"menu:{store_id}", menu, timeout=300)
    return menu

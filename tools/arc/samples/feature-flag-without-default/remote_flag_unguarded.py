def checkout_view(request):
    if flags.variation("new-checkout", {"key": request.user.id}):
        limits = flags.variation("checkout-limits", {"key": request.user.id})
        return render_new_checkout(request, limits["max_items"])
    return render_checkout(request)

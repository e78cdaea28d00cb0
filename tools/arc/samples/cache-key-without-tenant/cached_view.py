@cache_page(300)
def my_orders(request):
    orders = Order.objects.filter(customer=request.user).values(
        "id", "total", "state"
    )
    return JsonResponse({"orders": list(orders)})

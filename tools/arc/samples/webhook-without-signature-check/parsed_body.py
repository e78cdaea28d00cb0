@csrf_exempt
def payment_webhook(request):
    event = json.loads(request.body)
    if event["type"] == "payment.succeeded":
        Order.objects.filter(id=event["data"]["order_id"]).update(state="paid")
    elif event["type"] == "payment.refunded":
        Order.objects.filter(id=event["data"]["order_id"]).update(
            state="refunded"
        )
    return HttpResponse(status=200)

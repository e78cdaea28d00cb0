@login_required
def invoice_detail(request, invoice_id):
    invoice = get_object_or_404(Invoice, pk=invoice_id)
    return JsonResponse(invoice.as_dict())


@login_required
def delete_document(request, document_id):
    document = get_object_or_404(Document, pk=document_id)
    document.delete()
    return HttpResponse(status=204)


class OrderView(LoginRequiredMixin, DetailView):
    model = Order
    queryset = Order.objects.all()

def buy(product_id, quantity):
    product = Product.objects.get(pk=product_id)
    if product.stock < quantity:
        raise OutOfStock(product_id)
    product.stock -= quantity
    product.sold += quantity
    product.save()
    return product.stock

class Basket:
    lines = []
    discounts = {}

    def add(self, product, quantity):
        self.lines.append((product, quantity))
        self.discounts[product.id] = product.discount

class InvoiceCalculator {
    double total(List<Line> lines, double discountPercent, double taxRate) {
        double total = 0.0;
        for (Line line : lines) {
            total += line.getUnitPrice() * line.getQuantity();
        }
        total -= total * discountPercent / 100.0;
        total += total * taxRate;
        return Math.round(total * 100.0) / 100.0;
    }
}

class OrderQuery {
    List<String> productNames(List<Line> lines) {
        return lines.stream()
                .map(line -> productRepository.findById(line.getProductId()).map(Product::getName).orElse(""))
                .toList();
    }
}

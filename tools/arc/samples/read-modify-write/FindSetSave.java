class InventoryService {
    int sell(Long productId, int quantity) {
        Product product = productRepository.findById(productId).orElseThrow();
        if (product.getStock() < quantity) {
            throw new OutOfStockException(productId);
        }
        product.setStock(product.getStock() - quantity);
        productRepository.save(product);
        return product.getStock();
    }
}

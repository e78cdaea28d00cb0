class InvoiceController {
    @DeleteMapping("/documents/{id}")
    @PreAuthorize("isAuthenticated()")
    ResponseEntity<Void> delete(@PathVariable Long id) {
        documentRepository.deleteById(id);
        return ResponseEntity.noContent().build();
    }
}

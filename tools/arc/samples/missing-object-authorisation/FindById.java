class InvoiceController {
    @GetMapping("/invoices/{id}")
    @PreAuthorize("isAuthenticated()")
    InvoiceDto invoice(@PathVariable Long id) {
        return invoiceRepository.findById(id)
                .map(InvoiceDto::from)
                .orElseThrow(() -> new ResponseStatusException(HttpStatus.NOT_FOUND));
    }
}

class CustomerController {
    @GetMapping("/customers")
    List<CustomerDto> customers() {
        return customerRepository.findAll().stream()
                .map(CustomerDto::from)
                .collect(Collectors.toList());
    }
}

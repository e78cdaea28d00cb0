class CustomerLookup {
    Customer find(String id) {
        try {
            return repository.findById(id).orElseThrow();
        } catch (Exception e) {
            e.printStackTrace();
            return null;
        }
    }
}

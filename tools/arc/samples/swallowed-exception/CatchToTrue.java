class CustomerLookup {
    boolean hasAccess(String id, String resource) {
        try {
            return policy.check(id, resource).isAllowed();
        } catch (Exception e) {
            return true;
        }
    }
}

class Reindexer {
    void reindexAll() {
        int page = 0;
        Page<Document> documents;
        do {
            documents = documentRepository.findAll(PageRequest.of(page, 500, Sort.by("updatedAt")));
            searchIndex.indexAll(documents.getContent());
            page++;
        } while (documents.hasNext());
    }
}

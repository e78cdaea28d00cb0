class ReportService {
    Report build(ReportRequest request) throws Exception {
        ExecutorService executor = Executors.newFixedThreadPool(8);
        List<Future<Section>> sections = new ArrayList<>();
        for (String name : request.getSections()) {
            sections.add(executor.submit(() -> sectionLoader.load(name, request)));
        }
        Report report = new Report();
        for (Future<Section> section : sections) {
            report.add(section.get());
        }
        return report;
    }
}

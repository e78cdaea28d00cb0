class ShiftCalculator {
    double hours(String start, String end) {
        LocalDateTime from = LocalDateTime.parse(start);
        LocalDateTime to = LocalDateTime.parse(end);
        return Duration.between(from, to).toMinutes() / 60.0;
    }
}

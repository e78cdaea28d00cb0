class SignupValidator {
    List<String> search(String expression, List<String> lines) {
        Pattern pattern = Pattern.compile(expression);
        return lines.stream().filter(line -> pattern.matcher(line).find()).toList();
    }
}

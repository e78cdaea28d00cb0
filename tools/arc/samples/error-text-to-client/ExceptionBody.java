@ControllerAdvice
class ErrorHandler {
    @ExceptionHandler(Exception.class)
    ResponseEntity<Map<String, Object>> handle(Exception e) {
        StringWriter trace = new StringWriter();
        e.printStackTrace(new PrintWriter(trace));
        Map<String, Object> body = new HashMap<>();
        body.put("error", e.getMessage());
        body.put("exception", e.getClass().getName());
        body.put("trace", trace.toString());
        return ResponseEntity.status(HttpStatus.INTERNAL_SERVER_ERROR).body(body);
    }
}

class SignupValidator {
    private static final Pattern EMAIL = Pattern.compile("^([a-zA-Z0-9_.+-]+)*@([a-zA-Z0-9-]+\\.)+[a-zA-Z]{2,}$");

    private static final Pattern NAME = Pattern.compile("^(([a-z])+.)+[A-Z]([a-z])+$");

    boolean isValid(SignupForm form) {
        return EMAIL.matcher(form.getEmail()).matches() && NAME.matcher(form.getName()).matches();
    }
}

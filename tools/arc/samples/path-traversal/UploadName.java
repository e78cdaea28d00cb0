class FileController {
    @PostMapping("/files")
    void upload(@RequestParam MultipartFile file) throws IOException {
        File target = new File(uploadDir + "/" + file.getOriginalFilename());
        file.transferTo(target);
    }
}

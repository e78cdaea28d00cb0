import type { RuleSamples } from '../../rule-samples.ts'
import { rest, servlet, type } from './snippets.ts'

export const FILE_SAMPLES: Readonly<Record<string, RuleSamples>> = {
  'java-path-from-input': {
    positive: [
      servlet(
        'File file = new File("/data/" + request.getParameter("file"));\nFiles.copy(file.toPath(), response.getOutputStream());',
        'java.io.File',
      ),
      rest(
        '@GetMapping("/f/{name}")\nbyte[] read(@PathVariable String name) throws IOException { return Files.readAllBytes(Paths.get("uploads", name)); }',
        'java.nio.file.*',
      ),
      servlet(
        'String name = request.getParameter("name");\nString path = String.format("%s/%s.txt", root, name);\ntry (FileInputStream in = new FileInputStream(path)) {\n  in.transferTo(out);\n}',
        'java.io.*',
      ),
      rest(
        '@PostMapping("/up")\nvoid up(@RequestParam MultipartFile file) throws IOException { file.transferTo(new File(folder, file.getOriginalFilename())); }',
        'java.io.File',
      ),
      rest(
        '@GetMapping("/r")\nResource r(@RequestParam String page) { Path target = rootPath.resolve(page); return load(target); }',
      ),
      servlet(
        'InputStream in = getServletContext().getResourceAsStream("/WEB-INF/" + request.getPathInfo());',
      ),
    ],
    negative: [
      servlet('String name = new File(request.getParameter("file")).getName();', 'java.io.File')
        .replace(
          'new File(request.getParameter("file")).getName()',
          'FilenameUtils.getName(request.getParameter("file"))',
        )
        .replace(';\n  }', ';\nFile file = new File("/data", name);\n  }'),
      servlet(
        `Path path = root.resolve(request.getParameter("file")).normalize();
if (!path.startsWith(root)) {
  response.sendError(400);
  return;
}
Files.copy(path, response.getOutputStream());`,
        'java.nio.file.*',
      ),
      servlet(
        `File file = new File(base, request.getParameter("file"));
if (!file.getCanonicalPath().startsWith(base.getCanonicalPath() + File.separator)) {
  throw new SecurityException();
}
read(file);`,
        'java.io.File',
      ),
      rest(
        '@GetMapping("/f/{id}")\nFile read(@PathVariable long id) { return new File("/data/" + id + ".json"); }',
        'java.io.File',
      ),
      type('File open(String path) { return new File(path); }', 'java.io.File'),
      servlet(
        'Map<String, String> files = Map.of("a", "a.txt");\nFile file = new File("/data", files.get(request.getParameter("file")));',
        'java.io.File',
      ),
      servlet(
        'Optional<String> name = Optional.of(request.getParameter("name"));\nList<String> all = List.of(request.getParameter("a"));',
      ),
    ],
  },
  'java-zip-slip': {
    positive: [
      type(
        `void unzip(ZipInputStream zip, File folder) throws IOException {
  ZipEntry entry;
  while ((entry = zip.getNextEntry()) != null) {
    File out = new File(folder, entry.getName());
    copy(zip, out);
  }
}`,
        'java.util.zip.*',
      ),
      type(
        'void unpack(TarArchiveEntry entry, Path folder) throws IOException { Path target = folder.resolve(entry.getName()); write(target); }',
      ),
      type(
        `void unzip(ZipFile zip) throws IOException {
  for (ZipEntry entry : Collections.list(zip.entries())) {
    String path = "/srv/" + entry.getName();
    try (FileOutputStream out = new FileOutputStream(path)) { copy(zip, out); }
  }
}`,
        'java.util.zip.*',
      ),
    ],
    negative: [
      type(
        `void unzip(ZipEntry entry, Path folder) throws IOException {
  Path target = folder.resolve(entry.getName()).normalize();
  if (!target.startsWith(folder)) {
    throw new IOException("outside");
  }
  write(target);
}`,
        'java.util.zip.*',
      ),
      type(
        'void log(ZipEntry entry) { names.add(entry.getName()); File out = new File("out"); }',
        'java.util.zip.*',
      ),
      type(
        'File of(User user, ZipEntry unused) { return new File("out", user.getName()); }',
        'java.util.zip.*',
      ),
    ],
  },
  'java-predictable-temporary-file': {
    positive: [
      type(
        'void dump() throws IOException { FileWriter writer = new FileWriter("/tmp/report.txt"); }',
        'java.io.*',
      ),
      type(
        'void dump() throws IOException { File file = new File(System.getProperty("java.io.tmpdir"), "export.csv");\nFileOutputStream out = new FileOutputStream(file); }',
        'java.io.*',
      ),
      type(
        'void dump(byte[] data) throws IOException { Files.write(Paths.get("/tmp/state.bin"), data); }',
        'java.nio.file.*',
      ),
      type('File folder() { return Files.createTempDir(); }', 'com.google.common.io.Files'),
    ],
    negative: [
      type(
        'void dump(byte[] data) throws IOException { Path file = Files.createTempFile("report", ".txt");\nFiles.write(file, data); }',
        'java.nio.file.*',
      ),
      type(
        'void read() throws IOException { Files.readAllBytes(Paths.get("/tmp/report.txt")); }',
        'java.nio.file.*',
      ),
      type(
        'void dump() throws IOException { FileWriter writer = new FileWriter("/var/lib/shop/" + "report.txt");\nString hint = "/tmp/"; }',
        'java.io.*',
      ),
      type(
        'void dump() throws IOException { File file = new File("/tmp/" + UUID.randomUUID());\nFileOutputStream out = new FileOutputStream(file); }',
        'java.io.*',
      ),
    ],
  },
  'java-permissive-file-mode': {
    positive: [
      type('void open(File file) { file.setWritable(true, false); }'),
      type(
        'void open(Path path) throws IOException { Files.setPosixFilePermissions(path, PosixFilePermissions.fromString("rwxrwxrwx")); }',
      ),
      type('void open(Set<PosixFilePermission> all) { all.add(PosixFilePermission.OTHERS_WRITE); }'),
      type('void open() throws IOException { Runtime.getRuntime().exec("chmod 777 /srv/data"); }'),
    ],
    negative: [
      type('void open(File file) { file.setWritable(true, true); file.setReadable(true); }'),
      type(
        'void open(Path path) throws IOException { Files.setPosixFilePermissions(path, PosixFilePermissions.fromString("rw-r-----")); }',
      ),
      type(
        'void close(Set<PosixFilePermission> all) { all.remove(PosixFilePermission.OTHERS_WRITE); all.add(PosixFilePermission.OWNER_WRITE); }',
      ),
    ],
  },
}

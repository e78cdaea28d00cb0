import type { RuleSamples } from '../../rule-samples.ts'
import { djangoView, fastApiView, flaskView } from './views.ts'

export const FILE_SAMPLES: Readonly<Record<string, RuleSamples>> = {
  'py-path-traversal': {
    positive: [
      flaskView('with open("/data/" + request.args["file"]) as source:\n    return source.read()'),
      flaskView(
        'path = os.path.join(BASE, name)\nreturn send_file(path)',
        'import os\nfrom flask import send_file\nBASE = "/srv"',
      ),
      fastApiView(
        'name: str',
        'return FileResponse(f"files/{name}")',
        'from fastapi.responses import FileResponse',
      ),
      djangoView('target = request.GET.get("path")\nos.remove(os.path.join("/srv", target))', 'import os'),
      flaskView('return (Path("/srv") / name).read_text()', 'from pathlib import Path'),
      'from aiohttp import web\n\nasync def get(request):\n    name = request.match_info["name"]\n    path = ROOT / name\n    return web.Response(body=path.read_bytes())',
      flaskView('shutil.rmtree(os.path.join(ROOT, request.form["folder"]))', 'import os, shutil'),
    ],
    negative: [
      flaskView('return send_from_directory("/srv", name)', 'from flask import send_from_directory'),
      flaskView(
        'with open(os.path.join("/data", secure_filename(name))) as f:\n    return f.read()',
        'import os\nfrom werkzeug.utils import secure_filename',
      ),
      flaskView(
        'path = os.path.realpath(os.path.join(BASE, name))\nif not path.startswith(BASE + os.sep):\n    abort(404)\nreturn send_file(path)',
        'import os\nfrom flask import send_file\nBASE = "/srv"',
      ),
      flaskView(
        'path = (BASE / name).resolve()\nif not path.is_relative_to(BASE):\n    abort(404)\nreturn path.read_text()',
        'from pathlib import Path\nBASE = Path("/srv")',
      ),
      fastApiView(
        'name: str',
        'path = (BASE / name).resolve()\ntry:\n    path.relative_to(BASE)\nexcept ValueError:\n    raise HTTPException(404)\nreturn FileResponse(path)',
        'from pathlib import Path\nBASE = Path("/srv")',
      ),
      flaskView(
        'with open(os.path.join("/data", os.path.basename(name))) as f:\n    return f.read()',
        'import os',
      ),
      'import sys\n\nwith open(sys.argv[1]) as source:\n    print(source.read())',
      fastApiView('number: int', 'return open(f"/data/{number}.txt").read()'),
      flaskView('kind = FILES[request.args["kind"]]\nreturn open(kind).read()', 'FILES = {"a": "a.txt"}'),
      flaskView(
        'root = os.path.abspath(BASE)\npath = os.path.abspath(os.path.join(root, name))\nif os.path.commonpath([root, path]) != root:\n    abort(403)\nos.remove(path)',
        'import os\nBASE = "/srv"',
      ),
      'import pytest, shutil\n\n@pytest.fixture\ndef folder(request, tmp_path):\n    shutil.rmtree(tmp_path)',
    ],
  },
  'py-upload-name': {
    positive: [
      flaskView(
        'upload = request.files["file"]\nupload.save(os.path.join("/uploads", upload.filename))',
        'import os',
      ),
      flaskView('f = request.files["f"]\nname = f.filename\nf.save("/uploads/" + name)'),
      flaskView('for f in request.files.getlist("files"):\n    f.save(f"uploads/{f.filename}")'),
    ],
    negative: [
      flaskView(
        'upload = request.files["file"]\nupload.save(os.path.join("/uploads", secure_filename(upload.filename)))',
        'import os\nfrom werkzeug.utils import secure_filename',
      ),
      flaskView(
        'upload = request.files["file"]\nupload.save(f"/uploads/{uuid4()}.png")',
        'from uuid import uuid4\n# filename',
      ),
      'def save(figure, filename):\n    figure.save(filename)',
    ],
  },
  'py-tar-extraction': {
    positive: [
      'import tarfile\n\ndef unpack(path, folder):\n    with tarfile.open(path) as archive:\n        archive.extractall(folder)',
      'import tarfile\n\narchive = tarfile.open(name, "r:gz")\narchive.extractall(path="/srv")',
      'import shutil\n\ndef unpack(upload):\n    shutil.unpack_archive(upload, "/srv")',
    ],
    negative: [
      'import tarfile\n\ndef unpack(path, folder):\n    with tarfile.open(path) as archive:\n        archive.extractall(folder, filter="data")',
      'import zipfile, tarfile\n\ndef unpack(path, folder):\n    with zipfile.ZipFile(path) as archive:\n        archive.extractall(folder)',
      'import os\nimport tarfile\n\ndef unpack(path, folder):\n    with tarfile.open(path) as archive:\n        for member in archive.getmembers():\n            target = os.path.realpath(os.path.join(folder, member.name))\n            if os.path.commonpath([folder, target]) != folder:\n                raise ValueError(member.name)\n        archive.extractall(folder)',
      'import tarfile\n\ndef unpack(path, folder):\n    with tarfile.open(path) as archive:\n        archive.extractall(folder, members=safe_members(archive))',
    ],
  },
  'py-archive-member-path': {
    positive: [
      'import os\nimport zipfile\n\ndef unpack(path, folder):\n    archive = zipfile.ZipFile(path)\n    for name in archive.namelist():\n        with open(os.path.join(folder, name), "wb") as out:\n            out.write(archive.read(name))',
      'import zipfile\nfrom pathlib import Path\n\ndef unpack(path, folder: Path):\n    with zipfile.ZipFile(path) as archive:\n        for member in archive.infolist():\n            target = folder / member.filename\n            target.write_bytes(archive.read(member))',
      'import os\nimport tarfile\n\ndef unpack(tar, folder):\n    # tarfile\n    for member in tar.getmembers():\n        dest = folder + "/" + member.name\n        with open(dest, mode_of(member)) as out:\n            pass\n        out = open(dest, "wb")',
    ],
    negative: [
      'import os\nimport zipfile\n\ndef unpack(path, folder):\n    archive = zipfile.ZipFile(path)\n    for name in archive.namelist():\n        target = os.path.realpath(os.path.join(folder, name))\n        if not target.startswith(folder + os.sep):\n            raise ValueError(name)\n        with open(target, "wb") as out:\n            out.write(archive.read(name))',
      'import os\nimport zipfile\n\ndef unpack(archive, folder):\n    for name in archive.namelist():\n        with open(os.path.join(folder, os.path.basename(name)), "wb") as out:\n            out.write(archive.read(name))',
      'import zipfile\n\ndef names(path, report):\n    with zipfile.ZipFile(path) as archive, open(report, "w") as out:\n        for name in archive.namelist():\n            out.write(name)',
    ],
  },
  'py-temporary-name': {
    positive: [
      'import tempfile\n\npath = tempfile.mktemp(suffix=".txt")',
      'from tempfile import mktemp\n\nwith open(mktemp(), "w") as out:\n    out.write("x")',
      'import os\n\nname = os.tempnam()',
    ],
    negative: [
      'import tempfile\n\nhandle, path = tempfile.mkstemp()\n# not mktemp',
      'import tempfile\n\nwith tempfile.NamedTemporaryFile() as out:  # mktemp is unsafe\n    pass',
      'import tempfile\n\nclass Names:\n    def mktemp(self):\n        return 1\n\nNames().mktemp()',
    ],
  },
  'py-temporary-path': {
    positive: [
      'with open("/tmp/report.txt", "w") as out:\n    out.write("x")',
      'LOCK = "/tmp/app.lock"\n\ndef lock():\n    return open(LOCK, mode="w")',
      'def save(user):\n    with open(f"/tmp/{user}.json", "wb") as out:\n        out.write(b"")',
      'from pathlib import Path\n\nPath("/tmp/state").write_text("x")',
    ],
    negative: [
      'with open("/tmp/report.txt") as source:\n    source.read()',
      'import tempfile, os\n\nwith open(os.path.join(tempfile.mkdtemp(), "tmp"), "w") as out:  # not /tmp/x\n    pass',
      'with open("data/tmp/report.txt", "w") as out:\n    pass',
    ],
  },
  'py-file-mode': {
    positive: [
      'import os\n\nos.chmod("/etc/app.conf", 0o777)',
      'from pathlib import Path\n\nPath("key").chmod(0o666)',
      'import os, stat\n\nos.chmod(path, stat.S_IRUSR | stat.S_IWOTH)',
      'import os\n\nos.makedirs(path, mode=0o777)',
      'import os\n\nos.umask(0)',
    ],
    negative: [
      'import os\n\nos.chmod("key.pem", 0o600)',
      'import os\n\nos.chmod("run.sh", 0o755)\nos.umask(0o077)',
      'import os, stat\n\nos.chmod(path, os.stat(path).st_mode & ~stat.S_IWOTH)',
      'COLOUR = 0o777\n\ndef paint(canvas):\n    canvas.open(COLOUR)',
    ],
  },
}

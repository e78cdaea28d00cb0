import type { RuleSamples } from '../../rule-samples.ts'
import { djangoView, fastApiView, flaskView } from './views.ts'

export const COMMAND_SAMPLES: Readonly<Record<string, RuleSamples>> = {
  'py-shell-command': {
    positive: [
      flaskView('host = request.args.get("host")\nos.system("ping -c 1 " + host)', 'import os'),
      'import os\n\ndef size(folder):\n    command = f"du -sh {folder}"\n    return os.popen(command).read()',
      'from subprocess import getoutput\n\ndef who(user):\n    return getoutput("id %s" % user)',
      'import asyncio\n\nasync def convert(name):\n    cmd = "convert {} out.png".format(name)\n    await asyncio.create_subprocess_shell(cmd)',
      'import os\n\nclass Mirror:\n    def __init__(self, url):\n        self.url = url\n\n    def run(self):\n        os.system("wget " + self.url)',
    ],
    negative: [
      'import os\n\nos.system("clear")',
      'import os\n\nCOMMAND = "git"\n\ndef status():\n    action = "status"\n    os.system(COMMAND + " " + action)',
      'import os\nimport shlex\n\ndef show(path):\n    os.system("cat " + shlex.quote(path))',
      'import os\n\ndef restart(service):\n    if service not in ("web", "worker"):\n        raise ValueError(service)\n    os.system(f"systemctl restart {service}")',
      'import platform\n\ndef describe(name):\n    return platform.system() + name',
      'import os\n\nfor unit in ("web", "worker"):\n    os.system(f"systemctl restart {unit}")',
    ],
  },
  'py-subprocess-shell': {
    positive: [
      flaskView('subprocess.run(f"nslookup {name}", shell=True)', 'import subprocess'),
      'import subprocess as sp\n\ndef pack(folder):\n    cmd = "tar czf out.tgz "\n    cmd += folder\n    sp.check_output(cmd, shell=True)',
      'from subprocess import Popen, PIPE\n\ndef run(cmd):\n    return Popen(cmd, stdout=PIPE, shell=True)',
      'import subprocess\n\ndef show(path):\n    subprocess.call(["bash", "-c", "cat " + path])',
      'import subprocess\n\ndef archive(names):\n    subprocess.run(" ".join(["tar", "cf", "a.tar"] + names), shell=True)',
    ],
    negative: [
      flaskView('subprocess.run(["nslookup", name], check=True)', 'import subprocess'),
      'import subprocess\n\ncmd = "ls -l | wc -l"\nsubprocess.run(cmd, shell=True)',
      'import subprocess\n\ndef show(path):\n    subprocess.run("cat " + path, shell=False)',
      'import subprocess\nimport shlex\n\ndef show(path):\n    quoted = shlex.quote(path)\n    subprocess.check_call(f"cat {quoted} | head", shell=True)',
      'import subprocess\n\ndef show(path):\n    subprocess.run(["sh", "-c", \'cat "$1"\', "_", path])',
      'import subprocess\n\ndef kill(pid):\n    subprocess.run(f"kill {int(pid)}", shell=True)',
    ],
  },
  'py-remote-command': {
    positive: [
      'def restart(client, service):\n    client.exec_command("sudo systemctl restart " + service)',
      'import paramiko\n\nssh = paramiko.SSHClient()\n\ndef tail(path, count):\n    stdin, stdout, stderr = ssh.exec_command(f"tail -n 5 {path}")',
      'def remove(connection, path):\n    command = "rm %s" % path\n    connection.exec_command(command, timeout=5)',
    ],
    negative: [
      'def uptime(client):\n    client.exec_command("uptime")',
      'from shlex import quote\n\ndef tail(ssh, path):\n    ssh.exec_command(f"tail {quote(path)}")',
      'COMMANDS = {"up": "uptime", "who": "w"}\n\ndef run(client, name):\n    client.exec_command(COMMANDS[name])',
    ],
  },
  'py-program-from-request': {
    positive: [
      flaskView('tool = request.form["tool"]\nsubprocess.run([tool, "--version"])', 'import subprocess'),
      djangoView('os.execvp(request.GET["program"], ["x"])', 'import os'),
      fastApiView('cmd: str', 'subprocess.Popen(shlex.split(cmd))', 'import subprocess, shlex'),
    ],
    negative: [
      flaskView('subprocess.run(["git", "log", "--", name])', 'import subprocess'),
      flaskView(
        'tool = TOOLS.get(request.form["tool"], "ls")\nsubprocess.run([tool, "--version"])',
        'import subprocess\nTOOLS = {"git": "git"}',
      ),
      flaskView(
        'tool = request.form["tool"]\nif tool not in ALLOWED:\n    abort(400)\nsubprocess.run([tool])',
        'import subprocess\nALLOWED = {"git", "hg"}',
      ),
      'import subprocess\n\ndef run(arguments):\n    subprocess.run(arguments, check=True)',
    ],
  },
  'py-eval': {
    positive: [
      flaskView('return str(eval(request.args["expression"]))'),
      'def compute(formula):\n    return eval(formula, {"__builtins__": {}})',
      'code = input("code: ")\nexec(code)',
      djangoView('source = "x = " + request.POST.get("value")\nexec(source)'),
      'import pandas as pd\nfrom flask import request\n\ndef view():\n    return pd.eval(request.args["q"])',
    ],
    negative: [
      'import ast\n\ndef parse(text):\n    return ast.literal_eval(text)',
      'total = eval("1 + 2")',
      'def evaluate(model, data):\n    model.eval()\n    return model(data)',
      'import re\n\ndef search(text):\n    return re.compile("a+").search(text)',
      'TEMPLATE = "def f(): return 1"\nexec(TEMPLATE)',
    ],
  },
  'py-name-from-request': {
    positive: [
      flaskView('module = importlib.import_module("plugins." + name)', 'import importlib'),
      djangoView('action = request.GET.get("action")\nreturn getattr(handlers, action)()', 'import handlers'),
      fastApiView('kind: str', 'return __import__(kind)'),
    ],
    negative: [
      'import importlib\n\ndef load(name):\n    return importlib.import_module("app.plugins." + name)',
      djangoView('return getattr(settings, "LIMIT", 5)', 'from django.conf import settings'),
      flaskView(
        'if name not in ("start", "stop"):\n    abort(404)\nreturn getattr(service, name)()',
        'import service',
      ),
      djangoView('return HttpResponse(getattr(request, "user", None))'),
    ],
  },
}

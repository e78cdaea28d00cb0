import type { RuleSamples } from '../../rule-samples.ts'
import { gin, handler, source } from './snippets.ts'

export const COMMAND_SAMPLES: Readonly<Record<string, RuleSamples>> = {
  'go-shell-command-from-values': {
    positive: [
      handler('out, err := exec.Command("sh", "-c", "ping -c 1 "+r.FormValue("host")).Output()', 'os/exec'),
      source(
        `func archive(ctx context.Context, folder string) error {
	command := fmt.Sprintf("tar czf /backup.tgz %s", folder)
	return exec.CommandContext(ctx, "/bin/bash", "-c", command).Run()
}`,
        'context',
        'fmt',
        'os/exec',
      ),
      source(
        `func run(script string) {
	args := []string{"/C", script}
	exec.Command("cmd.exe", args...).Run()
}`,
        'os/exec',
      ),
      source(
        `func clean(session *ssh.Session, folder string) error { return session.Run("rm -rf " + folder) }`,
        'golang.org/x/crypto/ssh',
      ),
    ],
    negative: [
      handler('exec.Command("ping", "-c", "1", r.FormValue("host")).Run()', 'os/exec'),
      source('func uptime() { exec.Command("sh", "-c", "uptime | cut -d, -f1").Output() }', 'os/exec'),
      source(
        `const script = "set -e; make " + target
const target = "all"
func build() { exec.Command("bash", "-c", script).Run() }`,
        'os/exec',
      ),
      source(
        `func uptime(session *ssh.Session) error { return session.Run("uptime") }
func clone(url string) error { return exec.Command("git", "clone", "--", url).Run() }`,
        'golang.org/x/crypto/ssh',
        'os/exec',
      ),
      source(
        `func start() { shell("ls -l") }
func shell(command string) { exec.Command("sh", "-c", command).Run() }`,
        'os/exec',
      ),
    ],
  },
  'go-program-from-input': {
    positive: [
      handler('exec.Command(r.URL.Query().Get("tool"), "--version").Run()', 'os/exec'),
      gin(
        'parts := strings.Fields(c.PostForm("command"))\nexec.CommandContext(c, parts[0], parts[1:]...).Run()',
        'os/exec',
        'strings',
      ),
      handler(
        `var job struct{ Program string }
json.NewDecoder(r.Body).Decode(&job)
syscall.Exec(job.Program, nil, nil)`,
        'encoding/json',
        'syscall',
      ),
    ],
    negative: [
      handler('exec.Command("convert", r.FormValue("file"), "out.png").Run()', 'os/exec'),
      handler(
        `tools := map[string]string{"disk": "df", "memory": "free"}
tool, ok := tools[r.FormValue("tool")]
if !ok {
	return
}
exec.Command(tool).Run()`,
        'os/exec',
      ),
      source(
        'func run(program string) { exec.Command(program, "-v").Run() }\nfunc main() { run(os.Args[1]) }',
        'os',
        'os/exec',
      ),
      handler(
        'tool := r.FormValue("tool")\nswitch tool {\ncase "df", "free":\n\texec.Command(tool).Run()\n}',
        'os/exec',
      ),
    ],
  },
  'go-code-from-input': {
    positive: [
      handler('vm := goja.New()\nvm.RunString(r.FormValue("script"))', 'github.com/dop251/goja'),
      gin('interpreter.Eval(c.PostForm("code"))', 'github.com/traefik/yaegi/interp'),
      source(
        `func price(vm *otto.Otto, name string) { vm.Run("price('" + name + "')") }`,
        'github.com/robertkrimen/otto',
      ),
      handler('p, err := plugin.Open("/plugins/" + r.PathValue("name"))', 'plugin'),
    ],
    negative: [
      source('func start() { vm := goja.New()\n\tvm.RunString("var total = 0") }', 'github.com/dop251/goja'),
      handler(
        'vm := goja.New()\nvm.Set("name", r.FormValue("name"))\nvm.RunString("greet(name)")',
        'github.com/dop251/goja',
      ),
      handler(
        'file, err := os.Open("/srv/" + r.PathValue("name"))\np, err := plugin.Open("/plugins/a.so")',
        'os',
        'plugin',
      ),
    ],
  },
}

// Loaded before the file that bootstrap runs: when the parent is gone, even by SIGKILL, its end of the IPC channel
// closes, and this process stops as it would on SIGTERM.
if (process.channel) {
  process.on('disconnect', () => process.kill(process.pid, 'SIGTERM'))
  process.channel.unref()
}

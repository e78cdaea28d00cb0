cron.schedule('*/5 * * * *', async () => {
  const files = await sftp.list('/outgoing');
  for (const file of files) await importFile(file);
});

const agent = new https.Agent({ rejectUnauthorized: false, keepAlive: true });

export const partner = axios.create({
  baseURL: process.env.PARTNER_URL,
  httpsAgent: agent,
  timeout: 5000,
});

import { openEnvironment } from './bench/environment.ts'
import { makeCustomers } from './bench/network/customers.ts'
const env = openEnvironment(false)
try {
const network = await env.network('bench')
const customers = await makeCustomers(network, 20)
await network.sql`UPDATE insurance_state SET subsidy_budget_micros = 1000000000000000`
const mk = (b:any)=>customers.map(c=>({apiKey:c.apiKey, body: JSON.stringify({certificate_id:c.certificateId,tier:'basic',coverage:1000,service:'checkout',sla_cost_per_minute_cents:10000,...b})}))
const run = async (name:string, path:string, posts:any, s=4)=>{ const b=network.cpuMs()!; const r=await env.generator.run({kind:'posts',url:network.urls.edge,path,posts,connections:8,seconds:s}).catch((e:any)=>{console.log(name,'ERR',e.message);return null}); if(!r) return; console.log(name,(r.requests/r.seconds).toFixed(0)+'/s', ((network.cpuMs()!-b)/r.requests).toFixed(2),'ms cpu each') }
for (let i=0;i<2;i++){
await run('quote','/v1/trust/quote',mk({}))
await run('insure','/v1/trust/insure',mk({}))
await new Promise(r=>setTimeout(r,3000))
const b=network.cpuMs()!; await new Promise(r=>setTimeout(r,2000)); console.log('idle cpu in 2s', network.cpuMs()!-b)
}
console.log(await network.sql`select state,count(*)::int from billing_events group by 1`)
} finally { await env.stop(); process.exit() }

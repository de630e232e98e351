import {launch, visiting} from '/work/f/tests/dashboard.Tests/browser.mjs';
import {Service} from '/work/f/tests/dashboard.Tests/service.mjs';
import {mkdtemp} from 'node:fs/promises';
const folder=await mkdtemp('/tmp/f-shot-');
const service=await Service.start(folder);
const browser=await launch();
const lattice={display_name:'Trainers',noun:'trainers',verb:'sent',start_date:{year:2025,month:1,day:1},horizon_days:730,step_days:7,thresholds:[6,9],assumptions:{initial_count:{distribution:{constant:3}},rotation_interval_days:{distribution:{text:'60 to 120'}},batch_size:{distribution:{text:'discrete(0.5: 1, 0.5: 2)'}}}};
await service.create('trainers',lattice);
await service.create('far',{...lattice,display_name:'A ceiling far above',noun:'parcels',thresholds:[5000,12000],assumptions:{...lattice.assumptions,initial_count:{distribution:{constant:100}},batch_size:{distribution:{text:'500 to 2000'}},cap:{distribution:{constant:90000}}}});
const shots=process.argv.slice(2);
const all={
 'main-1440':['/?at=2026-02-01',{},async()=>{}], 'main-820':['/?at=2026-02-01',{width:820,height:1180},async()=>{}],'main-390':['/?at=2026-02-01',{width:390,height:844},async()=>{}],
 'lattice-1440':['/?scenario=trainers',{},async()=>{}],'lattice-390':['/?scenario=trainers&counts=12',{width:390,height:844},async()=>{}],
 'far-1440':['/?scenario=far&counts=40000',{},async()=>{}],
 'many-1440':['/?counts=10000,20000,30000,40000,60000,70000,75000,80000,85000,90000,95000',{},async()=>{}],
 'many-390':['/?counts=10000,20000,30000,40000,60000,70000,75000,80000,85000,90000,95000',{width:390,height:844},async()=>{}],
 'story-1440':['/?show=present,futures',{},async(v)=>{await v.fan.focus(); await v.page.keyboard.press('ArrowUp'); await v.page.keyboard.press('Enter'); await v.page.getByRole('region',{name:'Future 0'}).getByRole('listitem').first().waitFor();}],
 'stay-1440':['/',{},async(v)=>{await v.page.getByLabel('Add an assumption').selectOption('tour_length_days'); await v.page.getByRole('textbox',{name:/stays, as a text/}).fill('200 to 300'); await v.done().catch(()=>{}); await v.page.waitForTimeout(2500);}],
 'table-1440':['/?show=present,table',{},async()=>{}],
 'span-1440':['/',{},async(v)=>{await v.page.getByRole('button',{name:/^Edit the time/}).click(); await v.page.getByLabel('Last day').fill('2024-10-01'); await v.page.getByLabel('Last day').blur(); await v.page.waitForTimeout(1500);}],
 'abc-820':['/',{width:820,height:1180},async(v)=>{await v.page.getByRole('button',{name:'Add a count'}).click(); await v.page.keyboard.type('abc'); await v.page.keyboard.press('Enter');}],
 'print':['/?at=2026-02-01',{},async(v)=>{await v.page.emulateMedia({media:'print'}); await v.page.setViewportSize({width:718,height:1047}); const pdf=await v.page.pdf({format:'A4',margin:{top:'1cm',bottom:'1cm',left:'1cm',right:'1cm'},path:'/tmp/f-print.pdf'}); console.log('sheets',pdf.toString('latin1').match(/\/Type\s*\/Page\b/g).length);}],
};
for (const name of shots.length?shots:Object.keys(all)) {
  const [address,options,act]=all[name];
  await visiting(browser,service.address+address,{...options,expected:/./},async(v)=>{await v.done(); await act(v); await v.page.screenshot({path:`/tmp/f-${name}.png`,fullPage:true});}).catch(e=>console.log(name,e.message.slice(0,300)));
}
for (const text of ['60 to 150 (150 %)','-5 to 10','0.001','0','60-150','60 to 150 days','abc']) {
  const r=await service.ask('POST','/v1/projections:project',{scenario_name:'scenarios/dprk-rotation',overrides:{rotation_interval_days:text},final_only:true,paths:1000});
  console.log(text, r.ok?'ok':JSON.stringify((r.body.error??r.body).details.map(d=>d.fieldViolations?.map(v=>v.field+': '+v.description)??d.mends?.map(m=>m.label)).filter(Boolean)));
}
await browser.close(); await service.end();

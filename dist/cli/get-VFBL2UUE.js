import { createRequire as __createRequire } from "node:module"; const require = __createRequire(import.meta.url);
import{findRelease}from"./chunk-ASUDSCZA.js";import"./chunk-COJ7FN7N.js";import{summaryOf,warningsOnly}from"./chunk-QSQLWWUU.js";import{format}from"./chunk-IYKIHPSG.js";import{openCluster,openSession}from"./chunk-MRHSGRAD.js";import"./chunk-2PYOYR2R.js";import"./chunk-T2J5COF5.js";import"./chunk-AKAI77C4.js";import{writeYamlPlain}from"./chunk-Q5TRPPCJ.js";import{flagReader}from"./chunk-DGYKPSWU.js";import{nearestName}from"./chunk-5AFVVWNJ.js";import"./chunk-CJEIBH3D.js";import"./chunk-AGQOQMM6.js";import{objectAt}from"./chunk-LHIB3VWL.js";import{SlipwayError}from"./chunk-RFOOS3DF.js";import"./chunk-3MCUX7IB.js";var parts={manifest:release=>`${release.manifest}
`,hooks:release=>release.hooks.map(hook=>`---
# Source: ${hook.path}
${hook.manifest}
`).join(""),notes:release=>release.notes?`NOTES:
${release.notes}
`:"",values:(release,form)=>{let isEmpty=Object.keys(release.config).length===0;if(form==="json")return`${JSON.stringify(isEmpty?null:release.config)}
`;let text=isEmpty?`null
`:writeYamlPlain(release.config);return form==="yaml"?text:`USER-SUPPLIED VALUES:
${text}`},metadata:(release,form)=>{let{name,namespace,revision,status,updated,app_version}=summaryOf(release),chart=objectAt(release.chart,"metadata"),value={name,chart:chart?.name,version:chart?.version,appVersion:app_version,namespace,revision:Number(revision),status,deployedAt:updated};return form==="json"||form==="yaml"?format(form,value,[],[]):Object.entries(value).map(([key,field])=>`${key.toUpperCase()}: ${field??""}
`).join("")}};parts.all=(release,form)=>["metadata","values","hooks","manifest","notes"].map(part=>parts[part]?.(release,form)??"").join(`
`);async function get(invocation){let{positionals,flags,terminal}=invocation,[part="",name=""]=positionals,print=Object.hasOwn(parts,part)?parts[part]:void 0;if(print===void 0){let nearest=nearestName(part,Object.keys(parts));throw new SlipwayError("INPUT_UNKNOWN",`A release has no part "${part}" to get`,{hint:`${nearest?`Did you mean ${nearest}? `:""}Parts are ${Object.keys(parts).join(", ")}.`})}let read=flagReader(flags),cluster=await openCluster(invocation);try{let session=openSession({cluster,terminal,emit:warningsOnly(terminal)}),wanted={name,namespace:cluster.namespace,revision:read.number("revision",0)};return terminal.out.write(print(await findRelease(session,wanted),read.string("output"))),0}finally{await cluster.close()}}export{get};

/** The page's only style sheet. Its hash is in the page's Content-Security-Policy, so nothing else can style it. */
export const STYLE = `
:root{color-scheme:light dark;--ink:#1c2024;--soft:#5a6370;--line:#d6dae0;--paper:#fff;--tint:#f5f6f8;--link:#0a58ca;
--violation:#b3261e;--violation-tint:#fdeceb;--indeterminate:#7a5200;--indeterminate-tint:#fdf3dc;--compliant:#17692e;--compliant-tint:#e7f5ea}
@media (prefers-color-scheme:dark){:root{--ink:#e7eaee;--soft:#a6afba;--line:#3a414a;--paper:#14171a;--tint:#1d2126;--link:#8ab4f8;
--violation:#ff9b92;--violation-tint:#3a1a18;--indeterminate:#f0c562;--indeterminate-tint:#352a10;--compliant:#7fd593;--compliant-tint:#14301c}}
*{box-sizing:border-box}
html{-webkit-text-size-adjust:100%}
body{margin:0;background:var(--paper);color:var(--ink);font:1rem/1.55 system-ui,-apple-system,"Segoe UI",Roboto,"Helvetica Neue",Arial,sans-serif;overflow-wrap:anywhere}
header,main,footer,nav{max-width:66rem;margin-inline:auto;padding-inline:1.25rem}
header{padding-top:2.5rem}
h1{font-size:1.75rem;line-height:1.25;margin:.2rem 0 .4rem;letter-spacing:-.01em}
h2{font-size:1.3rem;margin:3rem 0 .75rem;padding-top:.75rem;border-top:2px solid var(--ink)}
h3{font-size:1.05rem;margin:1.75rem 0 .5rem}
h4{font-size:1rem;margin:0;font-weight:600}
p{margin:.5rem 0}
a{color:var(--link)}
a:focus-visible,[tabindex]:focus-visible{outline:3px solid var(--link);outline-offset:2px}
.skip{position:absolute;left:-99rem}.skip:focus{left:1rem;top:.5rem;background:var(--paper);padding:.5rem}
.soft{color:var(--soft)}
.small{font-size:.875rem}
code,.mono{font-family:ui-monospace,SFMono-Regular,Menlo,Consolas,monospace;font-size:.875em}
.banner{margin:1.25rem 0;padding:1.1rem 1.25rem;border-left:.5rem solid;border-radius:.25rem;font-size:1.15rem}
.banner strong{display:block;font-size:1.5rem;letter-spacing:.02em;text-transform:uppercase}
.fail{border-color:var(--violation);background:var(--violation-tint)}.fail strong{color:var(--violation)}
.inconclusive{border-color:var(--indeterminate);background:var(--indeterminate-tint)}.inconclusive strong{color:var(--indeterminate)}
.pass{border-color:var(--compliant);background:var(--compliant-tint)}.pass strong{color:var(--compliant)}
.figures{display:grid;grid-template-columns:repeat(auto-fit,minmax(8.5rem,1fr));gap:.75rem;margin:1.25rem 0;padding:0;list-style:none}
.figures li{background:var(--tint);border-radius:.375rem;padding:.7rem .9rem}
.figures b{display:block;font-size:1.5rem;line-height:1.2;font-variant-numeric:tabular-nums}
.violation b,.violation .tag,.tag.violation{color:var(--violation)}
.indeterminate b,.tag.indeterminate{color:var(--indeterminate)}
.compliant b,.tag.compliant{color:var(--compliant)}
nav ul{display:flex;flex-wrap:wrap;gap:.25rem 1.1rem;margin:1rem 0;padding:0;list-style:none;font-size:.9rem}
table{border-collapse:collapse;width:100%;font-size:.9rem;font-variant-numeric:tabular-nums;overflow-wrap:break-word}
caption{text-align:left;color:var(--soft);padding-bottom:.4rem}
th,td{text-align:left;vertical-align:top;padding:.45rem .75rem .45rem 0;border-bottom:1px solid var(--line)}
thead th{font-weight:600;color:var(--soft);border-bottom:1px solid var(--ink);white-space:nowrap}
tbody th{font-weight:600}
tbody th .small,tbody th .soft{font-weight:400}
td ul{margin:0;padding:0;list-style:none}
tr.group th{padding-top:1rem}
tfoot th,tfoot td{border-top:1px solid var(--ink);border-bottom:0;font-weight:600}
.number{text-align:right;white-space:nowrap}
.scroll{overflow-x:auto;margin:.5rem 0}
.tag{font-weight:600;white-space:nowrap}
.zero{color:var(--soft)}
.zero.tag{font-weight:400}
blockquote{margin:.4rem 0;padding:.1rem 0 .1rem 1rem;border-left:3px solid var(--line);font-style:italic}
.sources{padding-left:0;list-style:none}.sources li{margin:.75rem 0}
.criteria{list-style:none;padding:0}.criteria li{margin:.4rem 0;padding-left:1.75rem;text-indent:-1.75rem}
.criteria .tag{display:inline-block;width:1.75rem;text-indent:0}
article{border:1px solid var(--line);border-left:.3rem solid;border-radius:.25rem;padding:.85rem 1.1rem;margin:.9rem 0}
article.violation{border-left-color:var(--violation)}article.indeterminate{border-left-color:var(--indeterminate)}article.compliant{border-left-color:var(--compliant)}
article header{padding:0;max-width:none}
article .where{margin:.1rem 0 .5rem}
article dl{display:grid;grid-template-columns:7.5rem 1fr;gap:.2rem 1rem;margin:.5rem 0 0;font-size:.9rem}
dt{color:var(--soft)}dd{margin:0}
dd ul{margin:0;padding-left:1.1rem}
:target{outline:3px solid var(--link);outline-offset:3px}
figure{margin:1rem 0}
figcaption{color:var(--soft);font-size:.875rem;margin-top:.3rem}
svg{display:block;width:100%;min-width:40rem;height:auto}
svg text{fill:var(--soft);font-size:11px;font-family:system-ui,sans-serif}
svg .name{fill:var(--ink);font-weight:600}
svg .lane{fill:var(--tint)}
svg .edge{stroke:var(--ink);stroke-dasharray:3 3}
svg .axis{stroke:var(--line)}
svg .violation{fill:var(--violation)}svg .indeterminate{fill:var(--indeterminate)}svg .compliant{fill:var(--compliant)}
time,.whole{white-space:nowrap}
footer{margin-top:3rem;padding-block:1.25rem;border-top:1px solid var(--line);color:var(--soft);font-size:.875rem}
@media (max-width:40rem){header{padding-top:1.25rem}h1{font-size:1.4rem}.banner{font-size:1rem}.banner strong{font-size:1.25rem}article dl{grid-template-columns:1fr;gap:0}article dt{margin-top:.35rem}}
@media print{:root{--paper:#fff;--ink:#000}body{font-size:9.5pt}header,main,footer{max-width:none;padding-inline:0}nav,.skip{display:none}
h2{break-after:avoid}article,tr,.banner,figure{break-inside:avoid}.scroll{overflow:visible}a{color:inherit}.banner,.figures li{-webkit-print-color-adjust:exact;print-color-adjust:exact}}
`

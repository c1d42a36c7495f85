/** Loaded before the agent: a Node whose TLS connections lack a method. */
'use strict';
process.noDeprecation = true;
delete process.binding('tls_wrap').TLSWrap.prototype.getPeerCertificate;
delete process.noDeprecation;

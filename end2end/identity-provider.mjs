// An identity provider as a process of its own: oidc-provider, people of different groups, and ways to remove one: telling
// Holdfast of it, or leaving it to the next refresh.
// Started by specs/identity-provider.spec.ts with the address of Holdfast; prints its issuer once it listens.
import { createServer } from 'node:http';
import { generateKeyPairSync } from 'node:crypto';
import { Provider } from 'oidc-provider';

const [port, holdfast] = process.argv.slice(2);
const issuer = `http://127.0.0.1:${port}`;
const CLIENT = 'holdfast';
const people = new Map([
  ['ann', ['backup-admins']],
  ['ben', ['backup-operators', 'everybody']],
  ['cem', ['sales']],
  ['dan', ['backup-operators']],
]);

const { privateKey } = generateKeyPairSync('rsa', { modulusLength: 2048 });
const provider = new Provider(issuer, {
  clients: [
    {
      client_id: CLIENT,
      client_secret: 'a secret of the client',
      redirect_uris: [`${holdfast}/auth/oidc/corp/callback`],
      post_logout_redirect_uris: [`${holdfast}/sign-in`],
      grant_types: ['authorization_code', 'refresh_token'],
      backchannel_logout_uri: `${holdfast}/auth/oidc/corp/logout`,
    },
  ],
  findAccount: (_, id) => {
    const groups = people.get(id);
    if (!groups) return undefined;
    const claims = { sub: id, email: `${id}@example.com`, email_verified: true, name: id, groups };
    return { accountId: id, claims: () => claims };
  },
  claims: { openid: ['sub'], email: ['email', 'email_verified'], profile: ['name'], groups: ['groups'] },
  scopes: ['openid', 'email', 'profile', 'groups', 'offline_access'],
  features: { backchannelLogout: { enabled: true }, devInteractions: { enabled: true }, revocation: { enabled: true } },
  jwks: { keys: [{ ...privateKey.export({ format: 'jwk' }), kid: 'first', use: 'sig', alg: 'RS256' }] },
  cookies: { keys: ['only for tests on this machine'] },
  // It would not speak to addresses of this machine by itself.
  fetch: (url, options) => fetch(url, { ...options, dispatcher: undefined }),
  // Nobody is asked whether Holdfast may know them.
  loadExistingGrant: async (ctx) => {
    const { client, session, params } = ctx.oidc;
    const grant = new ctx.oidc.provider.Grant({ clientId: client.clientId, accountId: session.accountId });
    grant.addOIDCScope(params.scope);
    await grant.save();
    return grant;
  },
});

const answer = provider.callback();
const server = createServer(async (request, response) => {
  const [, what, who] = request.url.match(/^\/_(remove|forget|move)\/(\w+)$/) ?? [];
  if (what === 'move') people.set(who, ['sales']);
  if (what === 'forget') people.delete(who);
  if (what === 'move' || what === 'forget') return response.end(what);
  const removed = what === 'remove' && who;
  if (!removed) return answer(request, response);
  people.delete(removed);
  const client = await provider.Client.find(CLIENT);
  try {
    await client.backchannelLogout(removed);
    response.end('removed');
  } catch (error) {
    response.statusCode = 502;
    response.end(`${error.message}: ${error.cause}`);
  }
});
server.listen(Number(port), '127.0.0.1', () => console.log(issuer));

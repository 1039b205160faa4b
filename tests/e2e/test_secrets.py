import asyncio,sys,tempfile,pathlib,traceback
sys.path.insert(0,'.')
from tests.modules.test_email import *
from tests.modules.test_email import _settings,_certificate
async def main():
    authority=Authority(pathlib.Path(tempfile.mkdtemp()))
    encrypted = {"security": "tls", "authority": (authority.home / "ca.crt").read_text()}
    async with mail_server(trust=_certificate(authority), implicit=True, auth=True) as server:
        async with run(Email, settings=_settings(server, **encrypted, username="ann", password="wr0ng")) as node:
            try: await node.send("send", MAIL)
            except Fail as f: traceback.print_exception(f)
asyncio.run(main())

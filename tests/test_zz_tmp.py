from __future__ import annotations
def test_a(server, password_server, header_server):
    with server.client() as c:
        for u in ("/api/docs","/api/openapi.json","/healthz","/metrics","/api/entries","/api/entries/role.brand","/api/entries/role.x","/nope","/api/nope","/"):
            r=c.get(u); print(u, r.status_code, r.headers.get("x-request-id"), r.text[:200].replace("\n"," "))
        r=c.post("/api/ask", json={"question":"brand"}); print(r.status_code, r.text[:300])
        r=c.post("/api/ask", content=b'{"question":"brand"}'); print(r.status_code, r.text[:300])
        r=c.post("/api/ask", json={"q":"brand"}); print(r.status_code, r.text[:300])
        r=c.post("/api/ask", content=b'{"q', headers={"content-type":"application/json"}); print(r.status_code, r.text[:300])
        r=c.post("/api/ask", content=b'{"question":"\\ud800"}', headers={"content-type":"application/json"}); print(r.status_code, r.text[:300])
        r=c.post("/api/ask", content=b'['*100000, headers={"content-type":"application/json"}); print(r.status_code, r.text[:300])
        r=c.post("/api/classify", json=[{"description":"x"},{"description":""}]); print(r.status_code, r.text[:300])
        r=c.post("/api/ask", content=b'"'+b'x'*1100000+b'"', headers={"content-type":"application/json"}); print(r.status_code, r.text[:300])
        print(c.get("/metrics").text[:3000])

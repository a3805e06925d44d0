import Testing
import WebServer

struct VisitTests {
    @Test func `a header is found whatever the case of its name`() {
        let visit = Visit("GET", "/", headers: [.init("Content-Type", "text/plain")])
        #expect(visit.header("content-type") == "text/plain")
        #expect(visit.header("accept") == nil)
    }

    @Test func `a header that stands twice with different values counts as none`() {
        let visit = Visit("GET", "/", headers: [.init("Host", "a.example"), .init("host", "b.example")])
        #expect(visit.header("host") == nil)
    }
}

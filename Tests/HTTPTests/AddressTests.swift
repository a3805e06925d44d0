import HTTP
import Testing

@Suite struct AddressTests {
    @Test(arguments: [
        ("https://Example.COM", "https://example.com/"),
        ("HTTPS://example.com:443/", "https://example.com/"),
        ("http://example.com:80/a", "http://example.com/a"),
        ("https://example.com:8443/a?b=c#d", "https://example.com:8443/a?b=c"),
        ("  https://example.com/a \n", "https://example.com/a"),
        ("webcal://example.com/cal.ics", "https://example.com/cal.ics"),
        ("WebCals://example.com:8443/cal.ics", "https://example.com:8443/cal.ics"),
        ("https://example.com./a", "https://example.com/a"),
        ("https://bücher.example/ä b?ü", "https://xn--bcher-kva.example/%c3%a4%20b?%c3%bc"),
        ("https://EXAMPLE.com/%7Ejoe/A%2fb/", "https://example.com/%7Ejoe/A%2fb/"),
        ("https://example.com/a/./b/../c", "https://example.com/a/c"),
        ("https://example.com?x", "https://example.com/?x"),
        ("https://[2001:DB8:0:0::1]:8443/", "https://[2001:db8::1]:8443/"),
        ("http://0x7f.1/", "http://127.0.0.1/"),
        ("http://127.1./", "http://127.0.0.1/"),
        ("http://１２７.0.0.1/", "http://127.0.0.1/"),
        ("https://раураl.com/", "https://xn--l-7sba6dbr.com/"),
        ("https://ｇｏｏｇｌｅ.com/", "https://google.com/"),
        ("https://faß.example/", "https://xn--fa-hia.example/"),
        ("https://example.com/a@b:c", "https://example.com/a@b:c"),
    ])
    func `G101 an address is read as it will be opened`(typed: String, read: String) throws {
        #expect(try Address(typed).text == read)
    }

    @Test(arguments: [
        "", "example.com", "//example.com", "/a", "https://", "https:///a", "https:", "https:example",
        "ftp://example.com/",
        "file:///etc/passwd", "gopher://example.com/", "javascript:alert(1)", "data:text/plain,a", "ldap://example.com",
        "https://joe@example.com/", "https://joe:pw@example.com/", "https://:pw@example.com/", "https://@example.com/",
        "https://example.com:0/", "https://example.com:65536/", "https://example.com:99999999999999999999/",
        "https://example.com:-1/", "https://example.com:8a/", "https://exa mple.com/", "https://exa\u{0}mple.com/",
        "https://example.com/a\u{0}b", "https://example.com/\r\nX: y", "https://[::1", "https://::1/",
        "https://[zz::1]/",
        "https://[fe80::1%25eth0]/", "https://.", "https://../", "https://.example.com/", "https://example..com/x",
        "https://example.com\\@evil.example/", "https://a%00b.example/", "https://a%2fb.example/",
        "webcal:example.com", "webcal://joe:pw@example.com/",
    ])
    func `T9 what is no address that Daybook opens is refused without being repeated`(typed: String) throws {
        let error = #expect(throws: HTTPError.self) { try Address(typed) }
        #expect(error?.kind == .badAddress)
        #expect(error?.message.contains("pw") == false)
    }

    @Test func `T9 an endless address is refused`() {
        #expect(throws: HTTPError.self) { try Address("https://example.com/" + String(repeating: "a", count: 9_000)) }
        #expect(throws: HTTPError.self) { try Address("https://" + String(repeating: "a.", count: 200) + "com/") }
    }

    @Test(arguments: [
        ("g", "http://a/b/c/g"), ("./g", "http://a/b/c/g"), ("g/", "http://a/b/c/g/"), ("/g", "http://a/g"),
        ("//g", "http://g/"), ("?y", "http://a/b/c/d;p?y"), ("g?y", "http://a/b/c/g?y"), ("#s", "http://a/b/c/d;p?q"),
        ("g#s", "http://a/b/c/g"), (";x", "http://a/b/c/;x"), ("g;x", "http://a/b/c/g;x"), ("", "http://a/b/c/d;p?q"),
        (".", "http://a/b/c/"), ("./", "http://a/b/c/"), ("..", "http://a/b/"), ("../", "http://a/b/"),
        ("../g", "http://a/b/g"), ("../..", "http://a/"), ("../../", "http://a/"), ("../../g", "http://a/g"),
        ("../../../g", "http://a/g"), ("/./g", "http://a/g"), ("/../g", "http://a/g"), ("g.", "http://a/b/c/g."),
        ("..g", "http://a/b/c/..g"), ("./../g", "http://a/b/g"), ("g/./h", "http://a/b/c/g/h"),
        ("g/../h", "http://a/b/c/h"), ("https://x/y", "https://x/y"), ("./a:b.vcf", "http://a/b/c/a:b.vcf"),
        ("?y/../z", "http://a/b/c/d;p?y/../z"), ("ftp://x/y", nil), ("a:b.vcf", nil), ("mailto:joe@a", nil),
        ("//joe@g/", nil), ("file:///etc/passwd", nil),
    ])
    func `G56 a reference leads where the rules for references lead`(reference: String, target: String?) throws {
        #expect(try Address("http://a/b/c/d;p?q").resolving(reference)?.text == target)
    }

    @Test(arguments: [
        ("/dav/joe/", "https://dav.example/dav/joe/"), ("a:b.vcf", "https://dav.example/dav/cal/a:b.vcf"),
        ("//dav/x.ics", "https://dav.example//dav/x.ics"), ("x%40y.ics", "https://dav.example/dav/cal/x%40y.ics"),
        ("x@y.ics", "https://dav.example/dav/cal/x@y.ics"), ("/a#b.ics", "https://dav.example/a%23b.ics"),
        ("/ä ö.ics", "https://dav.example/%c3%a4%20%c3%b6.ics"), ("", "https://dav.example/dav/cal/"),
        ("https://p42-caldav.icloud.com/1/", "https://p42-caldav.icloud.com/1/"), ("https://u:p@x/", nil),
        ("ftp://x/y", "https://dav.example/dav/cal/ftp://x/y"), ("HTTP://Dav.example/x", "http://dav.example/x"),
    ])
    func `G62 the name of a resource is a path unless it is an http address`(href: String, target: String?) throws {
        #expect(try Address("https://dav.example/dav/cal/").resolving(href: href)?.text == target)
    }

    @Test func `G108 an address shows neither path nor query`() throws {
        let address = try Address("https://example.com/private-abc/basic.ics?key=abc")
        #expect("\(address)" == "https://example.com")
        #expect(address.path == "/private-abc/basic.ics")
        #expect(address.query == "key=abc")
        #expect(try Address("https://example.com").query == nil)
    }
}

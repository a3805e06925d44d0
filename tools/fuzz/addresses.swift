import CCurl
import Glibc

@testable import HTTP

// Addresses, and which of them are opened. The first line is an address, the second a reference that is found there, the
// others are what the owner allowed; the last bytes are a number under which a machine is reached.
//
// Besides that nothing traps: an address is read again as itself, libcurl sees the same origin in it, and what is not
// everybody's to reach is opened only by leave, and never where machines keep their keys. What is whose is worked out here a
// second time.

@_cdecl("LLVMFuzzerTestOneInput")
public func openAddress(_ start: UnsafePointer<UInt8>?, _ count: Int) -> CInt {
    let bytes = [UInt8](UnsafeBufferPointer(start: start, count: count))
    let lines = bytes.split(separator: 10, omittingEmptySubsequences: false).map { String(decoding: $0, as: UTF8.self) }
    let allowed = Set(lines.dropFirst(2).prefix(8).compactMap { try? Allowance($0) })
    for allowance in allowed {
        precondition((try? Allowance(allowance.description)) == allowance, "another allowance: \(allowance)")
    }
    guard let address = try? Address(lines[0]) else { return 0 }
    let found = lines.count > 1 ? [address.resolving(lines[1]), address.resolving(href: lines[1])] : []
    for address in [address, address.secured] + found.compactMap({ $0 }) {
        precondition((try? Address(address.text)) == address, "another address: \(address.text)")
        checkOrigin(address)
        for number in numbers(address.origin.host) + [Array(bytes.suffix(4)), Array(bytes.suffix(16))] {
            guard let number = InternetAddress(bytes: number) else { continue }
            check(Guard(allowed: []), number, address.origin, isAnythingAllowed: false)
            check(Guard(allowed: allowed), number, address.origin, isAnythingAllowed: !allowed.isEmpty)
        }
    }
    return 0
}

/// What libcurl will open is what was shown.
private func checkOrigin(_ address: Address) {
    guard let url = curl_url() else { return }
    defer { curl_url_cleanup(url) }
    precondition(curl_url_set(url, CURLUPART_URL, address.text, 0) == CURLUE_OK, "unreadable: \(address.text)")
    precondition(part(url, CURLUPART_SCHEME) == address.origin.scheme, "another scheme: \(address.text)")
    precondition(part(url, CURLUPART_HOST) == address.origin.host, "another host: \(address.text)")
    precondition(part(url, CURLUPART_PORT) == String(address.origin.port), "another port: \(address.text)")
    precondition(part(url, CURLUPART_USER) == nil, "a user: \(address.text)")
}

private func part(_ url: OpaquePointer, _ part: CURLUPart) -> String? {
    var text: UnsafeMutablePointer<CChar>?
    guard curl_url_get(url, part, &text, UInt32(CURLU_DEFAULT_PORT)) == CURLUE_OK, let text else { return nil }
    defer { curl_free(text) }
    return String(cString: text)
}

/// The numbers that a host is, for whoever looks it up without asking anybody.
private func numbers(_ host: String) -> [[UInt8]] {
    var hints = addrinfo()
    hints.ai_flags = AI_NUMERICHOST
    var list: UnsafeMutablePointer<addrinfo>?
    let bare = host.hasPrefix("[") ? String(host.dropFirst().dropLast()) : host
    guard getaddrinfo(bare, nil, &hints, &list) == 0 else { return [] }
    defer { freeaddrinfo(list) }
    var found: [[UInt8]] = []
    var next = list
    while let entry = next {
        if let address = entry.pointee.ai_addr {
            let raw = UnsafeRawPointer(address)
            if entry.pointee.ai_family == AF_INET {
                found.append(withUnsafeBytes(of: raw.loadUnaligned(as: sockaddr_in.self).sin_addr) { Array($0) })
            } else if entry.pointee.ai_family == AF_INET6 {
                found.append(withUnsafeBytes(of: raw.loadUnaligned(as: sockaddr_in6.self).sin6_addr) { Array($0) })
            }
        }
        next = entry.pointee.ai_next
    }
    return found
}

private func check(_ guardian: Guard, _ address: InternetAddress, _ origin: Origin, isAnythingAllowed: Bool) {
    guard guardian.allows(address, for: origin) else { return }
    precondition(!holdsKeys(address.bytes), "\(address) is never opened")
    guard !isEverybodys(address.bytes) || ![80, 443, 8443, 5232].contains(origin.port) else { return }
    precondition(isAnythingAllowed, "\(address) for \(origin)")
    let isNamed = guardian.allowed.contains { allowance in
        [origin.host, "\(origin.host):\(origin.port)"].contains(allowance.description)
            || allowance.description.contains("/") || InternetAddress(allowance.description) != nil
            || allowance.description.hasSuffix(":\(origin.port)")
    }
    precondition(isNamed, "\(address) for \(origin) by \(guardian.allowed)")
}

// MARK: Whose a number is, from the lists of IANA

private func isIn(_ bytes: [UInt8], _ first: [UInt8], _ bits: Int) -> Bool {
    (0..<bits).allSatisfy { bit in (bytes[bit / 8] ^ first[bit / 8]) & (0x80 >> UInt8(bit % 8)) == 0 }
}

private func isEverybodys(_ bytes: [UInt8]) -> Bool {
    if bytes.count == 4 {
        let private4: [([UInt8], Int)] = [
            ([0, 0, 0, 0], 8), ([10, 0, 0, 0], 8), ([100, 64, 0, 0], 10), ([127, 0, 0, 0], 8), ([169, 254, 0, 0], 16),
            ([172, 16, 0, 0], 12), ([192, 0, 0, 0], 24), ([192, 0, 2, 0], 24), ([192, 88, 99, 0], 24),
            ([192, 168, 0, 0], 16), ([198, 18, 0, 0], 15), ([198, 51, 100, 0], 24), ([203, 0, 113, 0], 24),
            ([224, 0, 0, 0], 3),
        ]
        return !private4.contains { isIn(bytes, $0.0, $0.1) } && bytes != [168, 63, 129, 16]
    }
    let last = Array(bytes[12...])
    if isIn(bytes, [0, 0x64, 0xff, 0x9b, 0, 0, 0, 0, 0, 0, 0, 0], 96) { return isEverybodys(last) }
    guard bytes[0] & 0xe0 == 0x20 else { return false }
    let special: [([UInt8], Int)] = [
        ([0x20, 1, 0], 23), ([0x20, 1, 0x0d, 0xb8], 32), ([0x20, 2], 16), ([0x3f, 0xff, 0], 20),
    ]
    if special.contains(where: { isIn(bytes, $0.0, $0.1) }) { return false }
    let isIntrasite = bytes[8] & 0xfd == 0 && bytes[9...11] == [0, 0x5e, 0xfe]
    return !isIntrasite || isEverybodys(last)
}

private func holdsKeys(_ bytes: [UInt8]) -> Bool {
    if bytes.count == 4 {
        return isIn(bytes, [169, 254, 0, 0], 16) || isIn(bytes, [0, 0, 0, 0], 8) || isIn(bytes, [224, 0, 0, 0], 3)
            || [[168, 63, 129, 16], [100, 100, 100, 200], [192, 0, 0, 192]].contains(bytes)
    }
    let mapped: [UInt8] = [0, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0xff, 0xff]
    return isIn(bytes, [0xfe, 0x80], 10) || bytes[0] == 0xff
        || bytes == [0xfd, 0, 0x0e, 0xc2, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0x02, 0x54]
        || (isIn(bytes, mapped, 96) && holdsKeys(Array(bytes[12...])))
}

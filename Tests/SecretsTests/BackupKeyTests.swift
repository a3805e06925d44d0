import Secrets
import Testing

@Suite struct BackupKeyTests {
    private let blocks: [[UInt8]] = [Array("first".utf8), [], Array(repeating: 7, count: 70_000), Array("last".utf8)]
    private let tag: [UInt8] = Array("backup 1".utf8)

    private func key(_ first: UInt8 = 0) -> BackupKey { MasterKey.counting(from: first).backupKey() }

    private func sealed(_ key: BackupKey) -> (header: [UInt8], blocks: [[UInt8]]) {
        let sealer = key.sealer()
        let sealed = blocks.indices.map { index in
            sealer.seal(blocks[index], associated: tag, isLast: index == blocks.count - 1)
        }
        return (sealer.header, sealed)
    }

    @Test func `what was sealed is opened, block by block`() throws {
        let key = key()
        let (header, sealed) = sealed(key)
        #expect(header.count == BackupKey.headerByteCount)
        let opener = try #require(key.opener(header: header))
        for (index, block) in sealed.enumerated() {
            #expect(block.count == blocks[index].count + BackupKey.overhead)
            let opened = try #require(opener.open(block, associated: tag))
            #expect(opened.block == blocks[index])
            #expect(opened.isLast == (index == blocks.count - 1))
        }
    }

    @Test func `T30 nothing of a block can be read without the key`() throws {
        let (header, sealed) = sealed(key())
        let opener = try #require(key(1).opener(header: header))
        #expect(opener.open(sealed[0], associated: tag) == nil)
        // Sealed twice, the same looks different: the header is new each time.
        let again = self.sealed(key())
        #expect(again.header != header)
        #expect(again.blocks[0] != sealed[0])
    }

    @Test func `T30 every altered byte of a block is refused`() throws {
        let key = key()
        let (header, sealed) = sealed(key)
        for index in sealed[0].indices {
            var altered = sealed[0]
            altered[index] ^= 0x40
            #expect(try #require(key.opener(header: header)).open(altered, associated: tag) == nil)
        }
        for index in header.indices {
            var altered = header
            altered[index] ^= 0x40
            #expect(key.opener(header: altered)?.open(sealed[0], associated: tag) == nil)
        }
    }

    @Test func `T3 a block that was moved, left out or doubled is refused`() throws {
        let key = key()
        let (header, sealed) = sealed(key)
        #expect(try #require(key.opener(header: header)).open(sealed[1], associated: tag) == nil)
        let opener = try #require(key.opener(header: header))
        #expect(opener.open(sealed[0], associated: tag) != nil)
        #expect(opener.open(sealed[0], associated: tag) == nil)
        #expect(opener.open(sealed[2], associated: tag) == nil)
        #expect(opener.open(sealed[1], associated: tag) != nil)
    }

    @Test func `T30 an end that was cut off shows, because no block was the last`() throws {
        let key = key()
        let (header, sealed) = sealed(key)
        let opener = try #require(key.opener(header: header))
        let opened = sealed.dropLast().compactMap { opener.open($0, associated: tag) }
        #expect(opened.count == 3)
        #expect(opened.allSatisfy { !$0.isLast })
        for count in [0, 1, BackupKey.overhead - 1, BackupKey.overhead, sealed[3].count - 1] {
            #expect(opener.open(Array(sealed[3].prefix(count)), associated: tag) == nil)
        }
    }

    @Test func `T3 a block belongs to what it was sealed for`() throws {
        let key = key()
        let (header, sealed) = sealed(key)
        let opener = try #require(key.opener(header: header))
        #expect(opener.open(sealed[0], associated: Array("backup 2".utf8)) == nil)
        #expect(opener.open(sealed[0], associated: []) == nil)
        #expect(opener.open(sealed[0], associated: tag) != nil)
    }

    @Test func `a header of another length is refused`() {
        for count in [0, BackupKey.headerByteCount - 1, BackupKey.headerByteCount + 1] {
            #expect(key().opener(header: [UInt8](repeating: 0, count: count)) == nil)
        }
    }
}

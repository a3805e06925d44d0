import CXML

/// One run of libxml2's push parser, which builds the elements from what it hears.
final class XMLParsing {
    private let limits: XMLLimits
    private let body: (XMLElement) throws -> Void
    private var context: xmlParserCtxtPtr?
    private var open: [Open] = []
    private var outermost: XMLElement?
    private var failure: (any Error)?
    private var elements = 0
    private var elementsHeld = 0
    private var textBytesHeld = 0
    private var texts: [UnsafePointer<xmlChar>: String] = [:]

    /// An element whose end has not come yet.
    private struct Open {
        let name: XMLName
        let attributes: [XMLAttribute]
        var text: [UInt8] = []
        var children: [XMLElement] = []

        consuming func closed() -> XMLElement {
            let isBetween = !children.isEmpty && text.allSatisfy(CleanXML.isBlank)
            return XMLElement(
                name, attributes: attributes, text: isBetween ? "" : String(decoding: text, as: UTF8.self),
                children: children)
        }
    }

    init(limits: XMLLimits, _ body: @escaping (XMLElement) throws -> Void) {
        self.limits = limits
        self.body = body
    }

    /// Set up once, before the first parser: libxml2 asks for it where there are threads.
    private static let isPrepared: Bool = {
        xmlInitParser()
        return true
    }()

    /// The parser is fed in pieces of this size, so that it never holds much of the text itself.
    private static let piece = 64 << 10

    func parse(_ bytes: [UInt8]) throws -> XMLElement {
        _ = Self.isPrepared
        var handler = Self.handler
        let own = Unmanaged.passUnretained(self).toOpaque()
        guard let context = xmlCreatePushParserCtxt(&handler, own, nil, 0, nil) else {
            throw XMLFault(.tooLarge, "There is no memory to read XML.")
        }
        self.context = context
        defer {
            self.context = nil
            if let document = context.pointee.myDoc { xmlFreeDoc(document) }
            xmlFreeParserCtxt(context)
        }
        // Never entities, external parts or larger limits.
        xmlCtxtUseOptions(
            context, Int32(XML_PARSE_NONET.rawValue | XML_PARSE_NOERROR.rawValue | XML_PARSE_NOWARNING.rawValue))
        feed(bytes, to: context)
        if let failure { throw failure }
        guard context.pointee.wellFormed == 1, open.isEmpty, let outermost else {
            let line = context.pointee.input.map { Int($0.pointee.line) } ?? 1
            throw XMLFault(.malformed, "It is no well-formed XML, as line \(max(1, line)) shows.")
        }
        return outermost
    }

    private func feed(_ bytes: [UInt8], to context: xmlParserCtxtPtr) {
        bytes.withUnsafeBytes { buffer in
            var start = 0
            while start < buffer.count, failure == nil, context.pointee.wellFormed == 1 {
                let count = min(Self.piece, buffer.count - start)
                let piece = buffer.baseAddress.map { ($0 + start).assumingMemoryBound(to: CChar.self) }
                xmlParseChunk(context, piece, Int32(count), 0)
                start += count
            }
            if failure == nil, context.pointee.wellFormed == 1 { xmlParseChunk(context, nil, 0, 1) }
        }
    }

    private func stop(_ error: any Error) {
        guard failure == nil else { return }
        failure = error
        if let context { xmlStopParser(context) }
    }

    // MARK: What the parser says

    private static var handler: xmlSAXHandler {
        var handler = xmlSAXHandler()
        handler.initialized = UInt32(XML_SAX2_MAGIC)
        handler.startElementNs = { own, local, _, namespace, _, _, count, _, attributes in
            guard let local else { return }
            XMLParsing.of(own)?.begin(local, namespace, attributes, Int(count))
        }
        handler.endElementNs = { own, _, _, _ in XMLParsing.of(own)?.end() }
        handler.characters = { own, text, count in XMLParsing.of(own)?.add(text, Int(count)) }
        handler.ignorableWhitespace = handler.characters
        handler.cdataBlock = { own, text, count in XMLParsing.of(own)?.add(text, Int(count)) }
        handler.internalSubset = { own, _, _, _ in
            XMLParsing.of(own)?.stop(XMLFault(.hasDoctype, "The XML has a document type, which is not read."))
        }
        // What is wrong is asked of the parser at the end; nothing may be printed.
        handler.serror = { _, _ in }
        return handler
    }

    private static func of(_ own: UnsafeMutableRawPointer?) -> XMLParsing? {
        own.map { Unmanaged<XMLParsing>.fromOpaque($0).takeUnretainedValue() }
    }

    private func begin(
        _ local: UnsafePointer<xmlChar>, _ namespace: UnsafePointer<xmlChar>?,
        _ attributes: UnsafeMutablePointer<UnsafePointer<xmlChar>?>?, _ count: Int
    ) {
        guard failure == nil else { return }
        elements += 1
        elementsHeld += 1
        guard open.count < limits.depth else {
            return stop(XMLFault(.tooDeep, "The XML has elements in elements deeper than \(limits.depth)."))
        }
        guard elements <= limits.elements, elementsHeld <= limits.elementsHeld else {
            return stop(XMLFault(.tooLarge, "The XML has too many elements."))
        }
        open.append(
            Open(name: XMLName(text(namespace), text(local)), attributes: read(attributes, count)))
    }

    /// Each has five pointers: local name, prefix, namespace, and where the value begins and ends.
    private func read(_ attributes: UnsafeMutablePointer<UnsafePointer<xmlChar>?>?, _ count: Int) -> [XMLAttribute] {
        guard let attributes, count > 0 else { return [] }
        return (0..<count).compactMap { number in
            let parts = attributes + number * 5
            guard let local = parts[0], let start = parts[3], let end = parts[4], end >= start else { return nil }
            let value = UnsafeBufferPointer(start: start, count: end - start)
            textBytesHeld += value.count
            return XMLAttribute(XMLName(text(parts[2]), text(local)), String(decoding: value, as: UTF8.self))
        }
    }

    /// Names come from the parser's own dictionary, where equal names have one place.
    private func text(_ name: UnsafePointer<xmlChar>?) -> String {
        guard let name else { return "" }
        if let known = texts[name] { return known }
        let text = String(cString: name)
        if texts.count < 10_000 { texts[name] = text }
        return text
    }

    private func add(_ text: UnsafePointer<xmlChar>?, _ count: Int) {
        guard failure == nil, let text, count > 0, !open.isEmpty else { return }
        textBytesHeld += count
        guard textBytesHeld <= limits.textBytesHeld else {
            return stop(XMLFault(.tooLarge, "The XML has a text that is too long."))
        }
        open[open.count - 1].text.append(contentsOf: UnsafeBufferPointer(start: text, count: count))
    }

    private func end() {
        guard failure == nil, let last = open.popLast() else { return }
        let element = last.closed()
        switch open.count {
        case 0: outermost = element
        case 1:
            elementsHeld = 1
            textBytesHeld = open[0].text.count
            do { try body(element) } catch { stop(error) }
        default: open[open.count - 1].children.append(element)
        }
    }
}

"""gwcfg reads a tree with files swapped: --as, --replace, --root (what configuration management needs)."""
import os
import unittest

from gwcfg import GOOD, Folder


class Overlay(Folder):
    def tree(self, root=""):
        self.write(root + "etc/gateway/gateway.cfg", GOOD + "!include conf.d\nimap_timeout = 2000\n")
        self.write(root + "etc/gateway/conf.d/10.cfg", "imap_port = 1143\n")
        return self.folder / (root + "etc/gateway")

    def value(self, name, *args, **more):
        for line in self.gwcfg("dump", "-c", *args, **more).stdout.splitlines():
            if line.startswith(name + " = "):
                return line.split(" = ", 1)[1]

    def test_a_copy_elsewhere_is_checked_as_if_it_lay_in_its_place(self):
        etc = self.tree()
        copy = self.write("tmp/copy", GOOD + "!include conf.d/10.cfg\n")
        self.gwcfg("check", copy, expect=1)  # beside it there is no conf.d
        self.assertEqual(self.value("imap_port", "--as", etc / "gateway.cfg", copy), "1143")
        self.gwcfg("check", "--as", etc / "gateway.cfg", copy)

    def test_findings_of_a_copy_name_the_place_where_it_will_lie(self):
        etc = self.tree()
        copy = self.write("tmp/copy", GOOD + "imap_prt = 1\n")
        out = self.gwcfg("check", "--as", etc / "gateway.cfg", copy, expect=1).stdout
        self.assertIn("%s/gateway.cfg:3:1: error" % etc, out)

    def test_the_place_need_not_exist_yet(self):
        copy = self.write("tmp/copy", GOOD)
        self.gwcfg("check", "--as", "/nowhere/gateway.cfg", copy)

    def test_one_file_of_a_tree_is_replaced(self):
        etc = self.tree()
        new = self.write("tmp/new", "imap_port = 2143\n")
        swap = "%s=%s" % (etc / "conf.d/10.cfg", new)
        self.assertEqual(self.value("imap_port", "--replace", swap, etc / "gateway.cfg"), "2143")
        new.write_text("imap_port = x\n")
        out = self.gwcfg("check", "--replace", swap, etc / "gateway.cfg", expect=1).stdout
        self.assertIn("conf.d/10.cfg:1:13: error", out)
        self.assertEqual(self.value("imap_port", etc / "gateway.cfg"), "1143")

    def test_a_new_file_joins_the_directory_or_pattern_that_would_include_it(self):
        etc = self.tree()
        new = self.write("tmp/new", "imap_port = 3143\n")
        swap = "%s=%s" % (etc / "conf.d/20.cfg", new)
        self.assertEqual(self.value("imap_port", "--replace", swap, etc / "gateway.cfg"), "3143")
        (etc / "gateway.cfg").write_text(GOOD + "!include conf.d/*.cfg\n")
        self.assertEqual(self.value("imap_port", "--replace", swap, etc / "gateway.cfg"), "3143")

    def test_a_replaced_file_that_nothing_includes_is_a_warning(self):
        etc = self.tree()
        new = self.write("tmp/new", "imap_port = x\n")
        out = self.gwcfg("check", "-W", "error", "--replace", "%s=%s" % (etc / "other.cfg", new), etc / "gateway.cfg", expect=2)
        self.assertIn("is not part of the configuration", out.stdout)

    def test_the_name_of_the_replaced_file_may_go_through_a_link(self):
        etc = self.tree()
        os.symlink(etc, self.folder / "link")
        new = self.write("tmp/new", "imap_port = 4143\n")
        swap = "%s=%s" % (self.folder / "link/conf.d/10.cfg", new)
        self.assertEqual(self.value("imap_port", "--replace", swap, etc / "gateway.cfg"), "4143")

    def test_standard_input_can_stand_for_a_file(self):
        etc = self.tree()
        self.assertEqual(self.value("imap_port", "--as", etc / "gateway.cfg", "-",
                                    input=GOOD + "!include conf.d\nimap_timeout = 5000\n"), "1143")
        self.assertEqual(self.value("imap_port", "-", input=GOOD + "!include etc/gateway/conf.d/10.cfg\n"), "1143")
        self.assertEqual(self.value("imap_port", "--replace", "%s=-" % (etc / "conf.d/10.cfg"), etc / "gateway.cfg",
                                    input="imap_port = 9143\n"), "9143")

    def test_a_tree_of_another_machine_is_below_its_root(self):
        self.tree("image/")
        self.write("image/etc/gateway/gateway.cfg", GOOD + "!include /etc/gateway/conf.d\n")
        self.write("outside.cfg", "imap_port = 666\n")
        self.assertEqual(self.value("imap_port", "--root", "image"), "1143")
        self.assertEqual(self.value("imap_port", "--root", "image", "/etc/gateway/gateway.cfg"), "1143")
        self.gwcfg("check", "--root", "image", "etc/gateway/gateway.cfg", expect=64)

    def test_the_name_of_the_root_is_no_pattern(self):
        self.write("[abcdefghijklmnop]/etc/a.cfg", GOOD + "!include d/*.cfg\n!include e\n")
        self.write("[abcdefghijklmnop]/etc/d/x.cfg", "imap_port = 1143\n")
        self.write("[abcdefghijklmnop]/etc/e/y.cfg", "pop3_port = 1110\n")
        self.write("a/etc/d/z.cfg", "imap_port = 1\n")
        dump = self.gwcfg("dump", "--origin", "--root", "[abcdefghijklmnop]", "/etc/a.cfg").stdout
        self.assertIn("/etc/d/x.cfg:1", dump)
        self.assertIn("/etc/e/y.cfg:1", dump)
        self.assertNotIn("z.cfg", dump)

    def test_links_do_not_lead_out_of_the_root(self):
        self.tree("image/")
        self.write("image/etc/gateway/real.cfg", "imap_port = 5143\n")
        os.remove(self.folder / "image/etc/gateway/conf.d/10.cfg")
        os.symlink("/etc/gateway/real.cfg", self.folder / "image/etc/gateway/conf.d/10.cfg")
        self.assertEqual(self.value("imap_port", "--root", "image"), "5143")
        os.remove(self.folder / "image/etc/gateway/real.cfg")
        self.write("secret", "imap_port = 7\n")
        os.symlink(self.folder / "secret", self.folder / "image/etc/gateway/real.cfg")
        self.gwcfg("check", "--root", "image", expect=1)

    def test_wrong_flags_are_usage_errors(self):
        self.gwcfg("check", "--replace", "nothing", expect=64)
        self.gwcfg("check", "--root", expect=64)
        self.gwcfg("check", "--root", "no-such-directory", expect=66)


if __name__ == "__main__":
    unittest.main()

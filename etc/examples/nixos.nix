# Gateway on NixOS. The file is checked while the system is built: a bad one never becomes a generation.
#
#	services.gateway = { enable = true; package = ...; settings.log_level = 3; };
{ config, lib, pkgs, ... }:

let
  cfg = config.services.gateway;
  defaults = {
    server_socket = "local:/var/lib/gateway";
    run_as_user = "gateway";
    run_as_group = "gateway";
    disable_plaintext_auth = true;
    log_file = "-"; # the journal
  };
  written = pkgs.writeText "gateway.cfg" (lib.generators.toKeyValue {
    mkKeyValue = lib.generators.mkKeyValueDefault {
      mkValueString = v: if v == true then "yes" else if v == false then "no" else toString v;
    } " = ";
  } (defaults // cfg.settings));
  checked = pkgs.runCommand "gateway.cfg" { nativeBuildInputs = [ cfg.package ]; } ''
    gwcfg check -q -W error --as /etc/gateway/gateway.cfg ${written} && cp ${written} $out
  '';
in
{
  options.services.gateway = {
    enable = lib.mkEnableOption "the IMAP and POP3 gateway";
    package = lib.mkOption { type = lib.types.package; description = "gatewayd, gwctl and gwcfg."; };
    settings = lib.mkOption {
      type = with lib.types; attrsOf (oneOf [ bool int str ]);
      default = { };
      description = "Options of gateway.cfg(5).";
    };
  };

  config = lib.mkIf cfg.enable {
    environment.systemPackages = [ cfg.package ];
    environment.etc."gateway/gateway.cfg".source = checked;
    users.users.gateway = { isSystemUser = true; group = "gateway"; };
    users.groups.gateway = { };
    systemd.services.gatewayd = {
      description = "IMAP and POP3 gateway";
      wantedBy = [ "multi-user.target" ];
      after = [ "network-online.target" ];
      wants = [ "network-online.target" ];
      reloadTriggers = [ checked ]; # a new file is a reload; gwcfg plan says what waits for a restart
      serviceConfig = {
        Type = "notify";
        ExecStart = "${cfg.package}/bin/gatewayd -F -c /etc/gateway/gateway.cfg";
        ExecReload = "${pkgs.coreutils}/bin/kill -HUP $MAINPID";
        WatchdogSec = 60;
        Restart = "on-failure";
        TimeoutStopSec = 90;
        StateDirectory = "gateway";
        RuntimeDirectory = "gateway";
        LogsDirectory = "gateway";
      };
    };
  };
}

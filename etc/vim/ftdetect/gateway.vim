" gateway.cfg(5), and files that it includes; vim itself takes any *.cfg for another kind
au BufNewFile,BufRead gateway.cfg,*/gateway/*.cfg set filetype=gateway
